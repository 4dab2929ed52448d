using System.CommandLine;
using SemCache.LoadTest.Commands;

var root = new RootCommand("Measures a SemCache server: how fast it is, how it starts.")
{
    LoadCommand.Create(),
    RestartCommand.Create(),
};
return await CommandRunner.RunAsync(root, args);
