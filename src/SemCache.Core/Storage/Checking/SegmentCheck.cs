namespace SemCache.Core.Storage.Checking;

/// <summary>Looks at the log's files from outside: whether all are there, and none too many.</summary>
internal static class SegmentCheck
{
    /// <summary>Reports what is wrong and returns where the log begins, as a start would take it.</summary>
    public static long Run(SegmentFiles files, LogBegin begin, Findings findings)
    {
        if (begin.Read() is not { } told)
        {
            findings.Problem(LogBegin.FileName, "damaged: where the log begins is not known; read from its first segment on");
            told = 0;
        }

        ReportForeign(files.Folder, findings);
        IReadOnlyList<long> all = files.Numbers();
        foreach (long number in all.Where(number => (number + 1) * files.SegmentSize <= told))
        {
            findings.Note(
                SegmentFiles.NameOf(number),
                $"stands in front of the log's begin, {told}; a start deletes it",
                number * files.SegmentSize,
                files.Length(number));
        }

        long expected = told / files.SegmentSize;
        long[] counted = [.. all.Where(number => number >= expected)];
        foreach (long number in counted)
        {
            if (number > expected)
            {
                findings.Problem(
                    SegmentFiles.NameOf(expected),
                    RecordScan.Lost(
                        number == expected + 1 ? "missing" : $"missing, and all up to {SegmentFiles.NameOf(number - 1)}"),
                    expected * files.SegmentSize,
                    (number - expected) * files.SegmentSize);
            }

            if (files.Length(number) > files.SegmentSize)
            {
                findings.Problem(
                    SegmentFiles.NameOf(number),
                    $"longer than a segment, which has {files.SegmentSize} bytes",
                    (number + 1) * files.SegmentSize,
                    files.Length(number) - files.SegmentSize);
            }

            expected = number + 1;
        }

        return counted is [var first, ..] ? first * files.SegmentSize : told;
    }

    private static void ReportForeign(string folder, Findings findings)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "entries.*").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(file);
            if (name.EndsWith(DurableFile.Unfinished, StringComparison.Ordinal))
            {
                findings.Note(name, "was being written when a server ended; of no use", bytes: new FileInfo(file).Length);
            }
            else if (name.StartsWith(CutTails.BaseName, StringComparison.Ordinal))
            {
                findings.Note(name, "was cut off the log's end by a start; not read", bytes: new FileInfo(file).Length);
            }
            else if (name.StartsWith("entries.log", StringComparison.Ordinal) && SegmentFiles.NumberIn(name) is null)
            {
                findings.Note(name, "no segment has this name; not read", bytes: new FileInfo(file).Length);
            }
        }
    }
}
