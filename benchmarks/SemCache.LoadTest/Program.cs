using System.CommandLine;
using SemCache.LoadTest.Commands;

var root = new RootCommand("Measures a SemCache server: how right it is, how fast it is, how it starts.")
{
    PairsCommand.Create(),
    StreamCommand.Create(),
    LoadCommand.Create(),
    RestartCommand.Create(),
};
return await CommandRunner.RunAsync(root, args);
