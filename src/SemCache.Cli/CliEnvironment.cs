using Spectre.Console;

namespace SemCache.Cli;

/// <summary>Everything that the commands see of the outside: streams, terminal, clock, environment variables.</summary>
internal sealed class CliEnvironment
{
    /// <summary>Nothing is wrapped where no terminal sets a width: wrapped lines cannot be grepped.</summary>
    private const int UnlimitedWidth = 1_000;

    public CliEnvironment(
        Stream input, Stream output, TextWriter @out, TextWriter error, TimeProvider time,
        Func<string, string?> variable)
    {
        Input = input;
        Output = output;
        Out = @out;
        Error = error;
        Time = time;
        Variable = variable;
        Console = CreateConsole(@out);
        ErrorConsole = CreateConsole(error);
    }

    /// <summary>Standard input, byte for byte.</summary>
    public Stream Input { get; }

    /// <summary>Standard output, byte for byte. Do not mix with <see cref="Out"/> in one command.</summary>
    public Stream Output { get; }

    /// <summary>Standard output as text: JSON and response bodies, neither coloured nor wrapped.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard error as text.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard output for people: colours and tables.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Standard error for people: progress and warnings.</summary>
    public IAnsiConsole ErrorConsole { get; }

    public TimeProvider Time { get; }

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; }

    public static CliEnvironment OfProcess() => new(
        System.Console.OpenStandardInput(),
        System.Console.OpenStandardOutput(),
        System.Console.Out,
        System.Console.Error,
        TimeProvider.System,
        Environment.GetEnvironmentVariable);

    private static IAnsiConsole CreateConsole(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        if (output.IsTerminal)
        {
            return AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = output,
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = UnlimitedWidth;
        return console;
    }
}
