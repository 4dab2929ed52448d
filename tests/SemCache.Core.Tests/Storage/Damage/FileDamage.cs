using System.Globalization;

namespace SemCache.Core.Tests.Storage.Damage;

/// <summary>What disks, file systems and people do to files.</summary>
internal static class FileDamage
{
    private const int Sector = 512;

    /// <summary>Damages one random place of a file.</summary>
    /// <param name="random">Chooses what and where.</param>
    /// <param name="path">The file.</param>
    /// <returns>What was done, in words, and whether bytes are gone instead of changed.</returns>
    public static (string What, bool IsCut) Apply(Random random, string path)
    {
        byte[] content = ReadShared(path);
        int at = Place(random, content);
        (string what, byte[] damaged) = random.Next(10) switch
        {
            < 4 => ("a bit flipped", Changed(content, at, 1, (_, old) => (byte)(old ^ (1 << random.Next(8))))),
            4 => ("a byte changed", Changed(content, at, 1, (_, old) => (byte)(old ^ random.Next(1, 256)))),
            5 => ("bytes zeroed", Changed(content, at, random.Next(1, 600), (_, _) => (byte)0)),
            6 => ("bytes of elsewhere", Changed(content, at, random.Next(4, 600), From(content, Place(random, content)))),
            7 => ("a sector of elsewhere", Changed(
                content, at / Sector * Sector, Sector, From(content, Place(random, content) / Sector * Sector))),
            8 => ("a sector of noise", Changed(content, at / Sector * Sector, Sector, (_, _) => (byte)random.Next(256))),
            _ => ("cut off", content[..at]),
        };
        Overwrite(path, damaged);
        return (
            string.Create(CultureInfo.InvariantCulture, $"{what} at {at} of {Path.GetFileName(path)} ({content.Length} bytes)"),
            damaged.Length < content.Length);
    }

    // Files are mostly zeros behind what is written, where damage does nothing: nine of ten places are in front of that.
    private static int Place(Random random, byte[] content)
    {
        int written = content.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        return random.Next(Math.Max(1, random.Next(10) == 0 ? content.Length : written));
    }

    private static Func<int, byte, byte> From(byte[] content, int source) =>
        (i, old) => source + i < content.Length ? content[source + i] : old;

    private static byte[] Changed(byte[] content, int at, int count, Func<int, byte, byte> change)
    {
        byte[] damaged = [.. content];
        for (int i = 0; i < count && at + i < damaged.Length; i++)
        {
            damaged[at + i] = change(i, damaged[at + i]);
        }

        return damaged;
    }

    // A cache that runs has the file open, and goes on with it.
    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private static void Overwrite(string path, byte[] content)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Write(content);
        file.SetLength(content.Length);
    }
}
