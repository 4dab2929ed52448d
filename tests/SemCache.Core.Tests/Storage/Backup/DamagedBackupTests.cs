using System.Formats.Tar;
using System.Text;
using SemCache.Core.Storage;
using SemCache.Core.Storage.Backup;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Backup;

public sealed class DamagedBackupTests : IAsyncLifetime
{
    private readonly TemporaryFolder _temporary = new();
    private byte[] _sound = [];

    private string Restored => Path.Combine(_temporary.Path, "restored");

    public async ValueTask InitializeAsync()
    {
        await using TestCache cache = await SmallLog.StartAsync(Path.Combine(_temporary.Path, "source"));
        for (int i = 0; i < 100; i++)
        {
            await cache.StoreAsync(BackupTests.Prompt(i), $"response {i}");
        }

        _sound = (await BackupTests.BackUpAsync(cache)).ToArray();
    }

    public ValueTask DisposeAsync()
    {
        _temporary.Dispose();
        return default;
    }

    [Fact]
    public async Task Restore_ByteOfASegmentChanged_NamesTheSegmentAndLeavesNoFolder()
    {
        byte[] damaged = [.. _sound];
        damaged[damaged.AsSpan().IndexOf("response 50"u8)] ^= 1;

        string problem = await RefusedAsync(damaged);

        Assert.StartsWith("entries.log.0: damaged", problem, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Restored));
    }

    [Fact]
    public async Task Restore_CutAnywhere_IsRefusedUnlessEverythingIsThere()
    {
        int whole = _sound.AsSpan().LastIndexOf("}"u8) + 1;
        var random = new Random(5);
        foreach (int length in Enumerable.Range(0, 60).Select(_ => random.Next(whole)).Append(0).Append(whole - 1))
        {
            await RefusedAsync(_sound[..length]);
        }
    }

    [Fact]
    public async Task Restore_AnyByteChanged_IsRefusedOrRestoresTheSame()
    {
        string[] expected = await FilesAsync(_sound, "expected");
        var random = new Random(6);
        for (int i = 0; i < 150; i++)
        {
            byte[] damaged = [.. _sound];
            damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            try
            {
                Assert.Equal(expected, await FilesAsync(damaged, $"damaged-{i}"));
            }
            catch (InvalidBackupException)
            {
                Assert.False(Directory.Exists(Path.Combine(_temporary.Path, $"damaged-{i}")));
            }
        }
    }

    [Fact]
    public async Task Restore_NewerFormat_SaysSo()
    {
        byte[] newer = Replace(_sound, "\"formatVersion\": 1,\n  \"createdAt\"", "\"formatVersion\": 9,\n  \"createdAt\"");
        Assert.Contains("format version 9", await RefusedAsync(newer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../entries.log.7", TarEntryType.RegularFile)]
    [InlineData("/tmp/entries.log.7", TarEntryType.RegularFile)]
    [InlineData("entries.log.07", TarEntryType.RegularFile)]
    [InlineData("lock", TarEntryType.RegularFile)]
    [InlineData("entries.json", TarEntryType.RegularFile)]
    [InlineData("entries.log.7", TarEntryType.SymbolicLink)]
    [InlineData("entries.log.7", TarEntryType.RegularFile)]
    public async Task Restore_FileThatDoesNotBelongThere_IsRefusedAndNeverWritten(string name, TarEntryType type)
    {
        using var changed = new MemoryStream();
        await using (var reader = new TarReader(new MemoryStream(_sound)))
        await using (var writer = new TarWriter(changed, TarEntryFormat.Pax, leaveOpen: true))
        {
            while (await reader.GetNextEntryAsync() is { } entry)
            {
                if (entry.Name == BackupManifest.FileName)
                {
                    await writer.WriteEntryAsync(Foreign(name, type));
                }

                await writer.WriteEntryAsync(entry);
            }
        }

        Assert.StartsWith(name + ":", await RefusedAsync(changed.ToArray()), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_temporary.Path, "entries.log.7")));
    }

    [Fact]
    public async Task Restore_FolderWithSomethingInIt_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(Restored);
        await File.WriteAllTextAsync(Path.Combine(Restored, "precious"), "mine", TestContext.Current.CancellationToken);

        FolderRefusedException refused = await Assert.ThrowsAsync<FolderRefusedException>(() => RestoreAsync(_sound, Restored));

        Assert.Contains("not empty", refused.Message, StringComparison.Ordinal);
        Assert.Equal("precious", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(Restored))));
    }

    [Fact]
    public async Task Restore_IntoAnEmptyFolder_KeepsIt()
    {
        Directory.CreateDirectory(Restored);
        await RefusedAsync(_sound[..5000]);
        Assert.Empty(Directory.GetFileSystemEntries(Restored));
        await RestoreAsync(_sound, Restored);
        Assert.Equal(["entries.begin", "entries.json", "entries.log.0"], Directory.GetFiles(Restored).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Read_NoArchiveAtAll_IsRefused()
    {
        await RefusedAsync(Encoding.UTF8.GetBytes(new string('x', 5000)));
        await RefusedAsync(new byte[5000]);
    }

    private static PaxTarEntry Foreign(string name, TarEntryType type) => type == TarEntryType.SymbolicLink
        ? new PaxTarEntry(type, name) { LinkName = "/etc/passwd" }
        : new PaxTarEntry(type, name) { DataStream = new MemoryStream("evil"u8.ToArray()) };

    private static byte[] Replace(byte[] archive, string from, string to)
    {
        byte[] changed = [.. archive];
        int at = changed.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from));
        Assert.True(at > 0 && from.Length == to.Length);
        Encoding.UTF8.GetBytes(to).CopyTo(changed, at);
        return changed;
    }

    private static async Task<BackupManifest> RestoreAsync(byte[] archive, string folder)
    {
        using var stream = new MemoryStream(archive);
        return await BackupRestore.RunAsync(stream, folder, TestContext.Current.CancellationToken);
    }

    // The same bytes are refused by a mere check as well.
    private async Task<string> RefusedAsync(byte[] archive)
    {
        using var stream = new MemoryStream(archive);
        string message = (await Assert.ThrowsAsync<InvalidBackupException>(() => RestoreAsync(archive, Restored))).Message;
        InvalidBackupException checkedOnly = await Assert.ThrowsAsync<InvalidBackupException>(
            () => BackupReader.ReadAsync(stream, null, TestContext.Current.CancellationToken));
        Assert.Equal(message, checkedOnly.Message);
        return message;
    }

    private async Task<string[]> FilesAsync(byte[] archive, string name)
    {
        string folder = Path.Combine(_temporary.Path, name);
        await RestoreAsync(archive, folder);
        return
        [
            .. Directory.GetFiles(folder).Order().Select(
                file => Path.GetFileName(file) + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))),
        ];
    }
}
