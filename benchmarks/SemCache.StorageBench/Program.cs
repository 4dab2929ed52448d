using System.CommandLine;
using SemCache.StorageBench.Commands;

var root = new RootCommand("Measures the entry log and what is built on it.")
{
    RestartCommand.Create(),
};
return await CommandRunner.RunAsync(root, args);
