using System.CommandLine;
using Grpc.Core;
using SemCache.StorageBench.Commands;

var root = new RootCommand("Measures the entry log and what is built on it.")
{
    AppendsCommand.Create(),
    RestartCommand.Create(),
    EvictionCommand.Create(),
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
