using FASTER.core;
using Microsoft.Win32.SafeHandles;

namespace SemCache.Core.Storage;

/// <summary>
/// Writes the log's segment files: segment n is the file with that number. A write that is reported as done is on the
/// device, and so is the name of its file.
/// </summary>
/// <remarks>
/// Files are opened with write-through: <c>O_SYNC</c> on Linux and macOS. The folder is flushed whenever one is opened, thus
/// before the first write to it returns. FASTER's own device does not flush the folder, loses the operating system's error
/// code, and hangs when it is disposed after a file could not be opened.
/// <para>Writes run on the thread pool: FasterLog issues them from wherever a record is appended.</para>
/// <para>
/// After <see cref="Dispose"/> no write reads memory any more, but for one that the operating system has not let go of by then.
/// </para>
/// </remarks>
internal sealed class SegmentDevice(string basePath)
    : StorageDeviceBase(basePath, BytesPerSector, FASTER.core.Devices.CAPACITY_UNSPECIFIED)
{
    private const uint BytesPerSector = 512;

    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(2);

    private readonly Dictionary<int, SafeFileHandle> _handles = [];
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private int _writing;
    private bool _disposed;

    public override void WriteAsync(
        nint sourceAddress,
        int segmentId,
        ulong destinationAddress,
        uint numBytesToWrite,
        DeviceIOCompletionCallback callback,
        object context) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                uint error = Write(sourceAddress, segmentId, destinationAddress, numBytesToWrite);
                callback(error, error == 0 ? numBytesToWrite : 0, context);
            },
            null);

    public override void ReadAsync(
        int segmentId,
        ulong sourceAddress,
        nint destinationAddress,
        uint readLength,
        DeviceIOCompletionCallback callback,
        object context) =>
        throw new NotSupportedException("Records are read by SegmentFiles; FasterLog always begins on a fresh page.");

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result)
    {
        Close(segment);
        try
        {
            File.Delete(GetSegmentFilename(FileName, segment));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // SegmentFiles deletes what is left, and can say why it could not.
        }

        callback(result);
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (SafeFileHandle handle in _handles.Values)
            {
                handle.Dispose();
            }

            _handles.Clear();
        }

        // Whoever calls lets go of the memory next. What hangs in the operating system is not waited for any longer.
        _idle.Wait(_longestWait);
    }

    private unsafe uint Write(nint source, int segment, ulong offset, uint length)
    {
        try
        {
            SafeFileHandle handle = BeginWrite(segment);
            try
            {
                RandomAccess.Write(handle, new ReadOnlySpan<byte>((void*)source, (int)length), (long)offset);
                return 0;
            }
            finally
            {
                EndWrite();
            }
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Opened anew the next time: what is behind the handle may be gone for good.
            Close(segment);
            return DeviceError.CodeOf(exception);
        }
    }

    private SafeFileHandle BeginWrite(int segment)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_handles.TryGetValue(segment, out SafeFileHandle? handle))
            {
                handle = Open(GetSegmentFilename(FileName, segment));
                _handles.Add(segment, handle);
            }

            _writing++;
            _idle.Reset();
            return handle;
        }
    }

    private void EndWrite()
    {
        lock (_gate)
        {
            if (--_writing == 0)
            {
                _idle.Set();
            }
        }
    }

    private void Close(int segment)
    {
        lock (_gate)
        {
            if (_handles.Remove(segment, out SafeFileHandle? handle))
            {
                handle.Dispose();
            }
        }
    }

    private static SafeFileHandle Open(string path)
    {
        SafeFileHandle handle = File.OpenHandle(
            path,
            FileMode.OpenOrCreate,
            FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete,
            FileOptions.WriteThrough);
        try
        {
            DirectoryEntries.Flush(Path.GetDirectoryName(path)!);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
