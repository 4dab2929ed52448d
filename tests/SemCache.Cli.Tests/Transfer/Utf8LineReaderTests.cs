using System.Text;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.Tests.Transfer;

public class Utf8LineReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "1:a:1")]
    [InlineData("a\n", "1:a:2")]
    [InlineData("a\nb", "1:a:2 2:b:3")]
    [InlineData("\n\nab\n", "1::1 2::2 3:ab:5")]
    [InlineData("a\r\nb\r\n", "1:a\r:3 2:b\r:6")]
    public async Task ReadAsync_Lines_HaveNumbersAndOffsets(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)))));

    [Fact]
    public async Task ReadAsync_LinesAcrossReads_StayWhole()
    {
        var lines = Enumerable.Range(0, 200).Select(i => new string((char)('a' + (i % 26)), i * 37)).ToArray();
        var bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

        var read = await ReadAsync(new TricklingStream(bytes, step: 1_013));

        Assert.Equal(lines, read.Select(line => line.Split(':')[1]));
    }

    private static async Task<List<string>> ReadAsync(Stream stream)
    {
        List<string> lines = [];
        await foreach (var line in Utf8LineReader.ReadAsync(stream, TestContext.Current.CancellationToken))
        {
            lines.Add($"{line.Number}:{Encoding.UTF8.GetString(line.Bytes)}:{line.EndOffset}");
        }

        return lines;
    }

    /// <summary>Gives a few bytes at a time, like a pipe.</summary>
    private sealed class TricklingStream(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, step)], cancellationToken);
    }
}
