using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;

namespace SemCache.Cli.Output;

/// <summary>Output for programs: one JSON object on one line.</summary>
internal static class JsonOutput
{
    // Fields with default values are written: a program finds `count` also when it is 0.
    private static readonly JsonFormatter _messages = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    /// <summary>How the objects are written that are no messages of the contract.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes an answer of the server in its proto3 JSON form.</summary>
    public static void WriteMessage(CliEnvironment environment, IMessage message) =>
        environment.Out.WriteLine(_messages.Format(message));

    public static void Write<T>(CliEnvironment environment, T summary) =>
        environment.Out.WriteLine(JsonSerializer.Serialize(summary, Options));
}
