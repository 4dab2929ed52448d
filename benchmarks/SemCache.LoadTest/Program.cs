using System.CommandLine;
using Grpc.Core;
using SemCache.LoadTest.Commands;

var root = new RootCommand("Measures a SemCache server: how fast it is, how it bears load, how it starts.")
{
    LoadCommand.Create(),
    MixCommand.Create(),
    PeersCommand.Create(),
    LatencyCommand.Create(),
    OverloadCommand.Create(),
    SizesCommand.Create(),
    RestartCommand.Create(),
    StartCommand.Create(),
    GarnetCommand.Create(),
};
try
{
    return await CommandRunner.RunAsync(root, args);
}
catch (RpcException failure)
{
    return CommandRunner.Fail($"The server answered {failure.StatusCode}: {failure.Status.Detail}");
}
