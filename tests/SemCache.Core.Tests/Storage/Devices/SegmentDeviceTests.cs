using System.Globalization;
using System.Runtime.InteropServices;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Devices;

/// <summary>The files that the log is written to.</summary>
public sealed class SegmentDeviceTests : IDisposable
{
    private const int SegmentSize = 64 << 10;

    // Of open(2) on every Linux that .NET runs on: O_SYNC is O_DSYNC and one bit more.
    private const int OpenSync = 0x101000;

    private readonly TemporaryFolder _folder = new();
    private readonly SegmentDevice _device;

    public SegmentDeviceTests()
    {
        _device = new SegmentDevice(Path.Combine(_folder.Path, "entries.log"));
        _device.Initialize(SegmentSize);
    }

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Write_TwoSegments_EachIsInTheFileWithItsNumber()
    {
        byte[] first = Bytes(1, 1024);
        byte[] second = Bytes(2, 512);
        Assert.Equal(0u, await WriteAsync(512, first));
        Assert.Equal(0u, await WriteAsync(SegmentSize, second));
        byte[] written = await File.ReadAllBytesAsync(_folder.FirstSegment);
        Assert.Equal(new byte[512], written[..512]);
        Assert.Equal(first, written[512..]);
        Assert.Equal(second, await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "entries.log.1")));
    }

    [Fact]
    public async Task Write_OnLinux_GoesThroughAFileOpenedWithSync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells how a file was opened.");
        await WriteAsync(0, Bytes(1, 512));
        string descriptor = Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Where(entry => new FileInfo(entry).LinkTarget == _folder.FirstSegment)
            .Select(entry => Path.GetFileName(entry)!)
            .Single();
        string flags = (await File.ReadAllLinesAsync("/proc/self/fdinfo/" + descriptor))
            .Single(line => line.StartsWith("flags:", StringComparison.Ordinal))["flags:".Length..];
        Assert.Equal(OpenSync, Convert.ToInt32(flags.Trim(), 8) & OpenSync);
    }

    [Fact]
    public async Task Write_DeviceWithoutSpace_ReportsThatAndNothingElse()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "The system has no device that is always full.");
        File.CreateSymbolicLink(_folder.FirstSegment, "/dev/full");
        uint error = await WriteAsync(0, Bytes(1, 512));
        Assert.Equal(DeviceError.NoSpace, error);
        Assert.True(DeviceError.IsFull(error));
    }

    [Fact]
    public async Task Write_FileCannotBeOpened_FailsEveryTimeAndGoesOnAfterwards()
    {
        Directory.CreateDirectory(_folder.FirstSegment);
        for (int i = 0; i < 200; i++)
        {
            uint error = await WriteAsync(0, Bytes(1, 512));
            Assert.NotEqual(0u, error);
            Assert.False(DeviceError.IsFull(error));
        }

        Directory.Delete(_folder.FirstSegment);
        Assert.Equal(0u, await WriteAsync(0, Bytes(1, 512)));
    }

    [Fact]
    public async Task RemoveSegment_OneThatIsOpen_DeletesItsFile()
    {
        await WriteAsync(0, Bytes(1, 512));
        _device.RemoveSegmentAsync(0, _ => { }, Task.CompletedTask);
        Assert.False(File.Exists(_folder.FirstSegment));
    }

    [Fact]
    public async Task Write_AfterDispose_Fails()
    {
        _device.Dispose();
        Assert.NotEqual(0u, await WriteAsync(0, Bytes(1, 512)));
        Assert.False(File.Exists(_folder.FirstSegment));
    }

    [Fact]
    public void Describe_Codes_AreTheSystemsWords()
    {
        Assert.NotEqual(DeviceError.Describe(DeviceError.NoSpace), DeviceError.Describe(DeviceError.InputOutput));
        Assert.DoesNotContain(
            DeviceError.NoSpace.ToString(CultureInfo.InvariantCulture),
            DeviceError.Describe(DeviceError.NoSpace),
            StringComparison.Ordinal);
        Assert.Equal("unknown error", DeviceError.Describe(DeviceError.Unknown));
    }

    private static byte[] Bytes(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private async Task<uint> WriteAsync(long address, byte[] bytes)
    {
        GCHandle pinned = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        try
        {
            var done = new TaskCompletionSource<uint>(TaskCreationOptions.RunContinuationsAsynchronously);
            _device.WriteAsync(
                pinned.AddrOfPinnedObject(),
                (ulong)address,
                (uint)bytes.Length,
                (error, _, _) => done.SetResult(error),
                this);
            return await done.Task;
        }
        finally
        {
            pinned.Free();
        }
    }
}
