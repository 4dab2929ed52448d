using System.Text.Json.Serialization;

namespace SemCache.Core.Storage.Checking;

/// <summary>What a finding means.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingKind>))]
internal enum FindingKind
{
    /// <summary>Something is not as it was written: what was stored there may be lost.</summary>
    [JsonStringEnumMemberName("problem")]
    Problem,

    /// <summary>Worth knowing; nothing is lost by it.</summary>
    [JsonStringEnumMemberName("note")]
    Note,
}

/// <summary>One thing that a check has found.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="File">The file, as it is called in the folder.</param>
/// <param name="Address">Where it begins: an address of the log; null outside of it.</param>
/// <param name="Bytes">How many bytes it concerns; null when that makes no sense.</param>
/// <param name="Text">What it is, without a full stop.</param>
internal sealed record Finding(FindingKind Kind, string File, long? Address, long? Bytes, string Text);

/// <summary>Takes findings as they come, counts them all and keeps the first.</summary>
/// <param name="onFinding">Told of each.</param>
internal sealed class Findings(Action<Finding> onFinding)
{
    /// <summary>Most that are kept, so that a log of nothing but damage does not fill the memory.</summary>
    public const int MostKept = 10_000;

    private readonly List<Finding> _kept = [];

    /// <summary>The first <see cref="MostKept"/>.</summary>
    public IReadOnlyList<Finding> Kept => _kept;

    public long Problems { get; private set; }

    public long Notes { get; private set; }

    public void Problem(string file, string text, long? address = null, long? bytes = null)
    {
        Problems++;
        Add(new Finding(FindingKind.Problem, file, address, bytes, text));
    }

    public void Note(string file, string text, long? address = null, long? bytes = null)
    {
        Notes++;
        Add(new Finding(FindingKind.Note, file, address, bytes, text));
    }

    private void Add(Finding finding)
    {
        onFinding(finding);
        if (_kept.Count < MostKept)
        {
            _kept.Add(finding);
        }
    }
}
