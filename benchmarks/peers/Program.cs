using System.CommandLine;
using SemCache.Peers.Commands;

var root = new RootCommand("Measures SemCache's vector index next to its peers: the same vectors, the same run.")
{
    RunCommand.Create(),
    GarnetCommand.Create(),
};
return await CommandRunner.RunAsync(root, args);
