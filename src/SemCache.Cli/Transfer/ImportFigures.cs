namespace SemCache.Cli.Transfer;

/// <summary>What became of a line.</summary>
internal enum LineFate
{
    Blank,
    Stored,
    NotAdmitted,
    Expired,
    Bad,
}

/// <summary>How many lines met which fate in this run.</summary>
internal readonly record struct ImportFigures(long Stored, long NotAdmitted, long Expired, long Bad)
{
    public ImportFigures Plus(LineFate fate) => fate switch
    {
        LineFate.Stored => this with { Stored = Stored + 1 },
        LineFate.NotAdmitted => this with { NotAdmitted = NotAdmitted + 1 },
        LineFate.Expired => this with { Expired = Expired + 1 },
        LineFate.Bad => this with { Bad = Bad + 1 },
        _ => this,
    };
}
