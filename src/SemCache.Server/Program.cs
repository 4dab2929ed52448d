using SemCache.Core;
using SemCache.Server;

try
{
    await using WebApplication server = SemCacheServer.Create(args);
    await server.RunAsync();
    return Environment.ExitCode;
}
catch (CacheStartupException exception)
{
    await Console.Error.WriteLineAsync("semcache: " + exception.Message);
    return 1;
}
catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
{
    await Console.Error.WriteLineAsync(
        $"semcache: {exception.Message} Set Kestrel:Endpoints:Grpc:Url and Kestrel:Endpoints:Http:Url to free addresses.");
    return 1;
}
