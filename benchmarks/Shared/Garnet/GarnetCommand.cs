using System.CommandLine;

namespace SemCache.Benchmarks;

/// <summary>`garnet-server`: what a measuring tool starts itself again for.</summary>
internal static class GarnetCommand
{
    public const string Name = "garnet-server";

    public static Command Create()
    {
        var port = new Argument<int>("PORT");
        var command = new Command(Name, "Serves Garnet on a port of the loopback until standard input is closed.")
        {
            port,
        };
        command.Hidden = true;
        command.SetAction(parse =>
        {
            GarnetProcess.Serve(parse.GetRequiredValue(port));
            return 0;
        });
        return command;
    }
}
