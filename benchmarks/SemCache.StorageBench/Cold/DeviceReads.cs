using System.Globalization;

namespace SemCache.StorageBench.Cold;

/// <summary>Bytes that a process has caused to be read from devices, as Linux counts them.</summary>
internal static class DeviceReads
{
    private const string Field = "read_bytes:";

    public static long Of(int processId) => long.Parse(
        File.ReadLines($"/proc/{processId}/io").First(line => line.StartsWith(Field, StringComparison.Ordinal))[Field.Length..],
        CultureInfo.InvariantCulture);
}
