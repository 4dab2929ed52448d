using System.CommandLine;
using SemCache.EvictionBench.Commands;

var root = new RootCommand("Measures what eviction keeps.")
{
    EvictionCommand.Create(),
};
return await CommandRunner.RunAsync(root, args);
