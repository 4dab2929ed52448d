using System.CommandLine;
using Grpc.Core;
using SemCache.StorageBench.Commands;

var root = new RootCommand("Measures how a server stores: for long, beyond memory, and how much it writes.")
{
    SoakCommand.Create(),
    ReadColdCommand.Create(),
    AmplificationCommand.Create(),
};
try
{
    return await CommandRunner.RunAsync(root, args);
}
catch (RpcException failure)
{
    return CommandRunner.Fail($"The server answered {failure.StatusCode}: {failure.Status.Detail}");
}
