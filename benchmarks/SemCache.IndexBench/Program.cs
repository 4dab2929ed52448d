using System.CommandLine;
using SemCache.IndexBench.Commands;

var root = new RootCommand("Measures the vector index from inside.")
{
    MicroCommand.Create(),
    LiveCommand.Create(),
    PartitionsCommand.Create(),
    PartitionsCommand.CreateChild(),
    CrossoverCommand.Create(),
};
return await CommandRunner.RunAsync(root, args);
