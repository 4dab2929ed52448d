using System.CommandLine;
using SemCache.StorageBench.Commands;

var root = new RootCommand("Measures how the cache stores.")
{
    AppendsCommand.Create(),
};
return await CommandRunner.RunAsync(root, args);
