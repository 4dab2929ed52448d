using System.Text.Json;
using SemCache.Cli.Output;

namespace SemCache.Cli.Transfer;

/// <summary>
/// Remembers beside an imported file how far its import came: through which line everything is acknowledged, by which
/// server and for which namespace. Replaced as a whole, so that it is never half written.
/// </summary>
internal sealed class ImportProgressFile(string importedFile, Uri server, string? namespaceOverride, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly string _path = importedFile + ".progress";
    private long _lastSaved = time.GetTimestamp();

    /// <summary>The last line that needs no import any more; 0 when there is no progress file.</summary>
    /// <exception cref="UsageException">The file belongs to another import, or is none.</exception>
    public long Load()
    {
        if (!File.Exists(_path))
        {
            return 0;
        }

        var state = Read();
        if (state.Server != server.ToString() || state.Namespace != namespaceOverride)
        {
            throw new UsageException(
                $"{_path} belongs to an import into {state.Server}{Named(state.Namespace)}. Finish that one, or import "
                + "with --restart.");
        }

        return state.Line;
    }

    /// <summary>Saves if the last time is long enough ago.</summary>
    public void SaveIfDue(long line)
    {
        if (time.GetElapsedTime(_lastSaved) >= _interval)
        {
            Save(line);
        }
    }

    public void Save(long line)
    {
        var state = new State(line, server.ToString(), namespaceOverride);
        var temporary = _path + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(state, JsonOutput.Options) + "\n");
        File.Move(temporary, _path, overwrite: true);
        _lastSaved = time.GetTimestamp();
    }

    public void Delete() => File.Delete(_path);

    private static string Named(string? name) => name is null ? "" : $" with --namespace {name}";

    private State Read()
    {
        try
        {
            var state = JsonSerializer.Deserialize<State>(File.ReadAllText(_path), JsonOutput.Options);
            return state is { Line: >= 0 } ? state : throw Unreadable();
        }
        catch (JsonException)
        {
            throw Unreadable();
        }
    }

    private UsageException Unreadable() =>
        new($"{_path} is not readable as the progress of an import. Import with --restart to ignore it.");

    private sealed record State(long Line, string Server, string? Namespace);
}
