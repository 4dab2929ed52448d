using System.Threading.Channels;
using FASTER.core;

namespace SemCache.Core.Tests.Support;

/// <summary>A device whose writes the test answers, one by one.</summary>
internal sealed class ManualDevice() : StorageDeviceBase("manual", 512, Devices.CAPACITY_UNSPECIFIED)
{
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>();

    /// <summary>Whether it was disposed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether a write waits to be taken.</summary>
    public bool HasMore => _requests.Reader.TryPeek(out _);

    /// <summary>The next write; fails the test when none comes.</summary>
    public async Task<Request> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _requests.Reader.ReadAsync(patience.Token);
    }

    public override void WriteAsync(
        nint sourceAddress,
        int segmentId,
        ulong destinationAddress,
        uint numBytesToWrite,
        DeviceIOCompletionCallback callback,
        object context) =>
        _requests.Writer.TryWrite(new Request(destinationAddress, numBytesToWrite, callback, context));

    public override void ReadAsync(
        int segmentId,
        ulong sourceAddress,
        nint destinationAddress,
        uint readLength,
        DeviceIOCompletionCallback callback,
        object context) =>
        throw new NotSupportedException();

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) => callback(result);

    public override void Dispose() => IsClosed = true;

    /// <summary>A write that waits for its answer.</summary>
    internal sealed record Request(ulong Offset, uint Bytes, DeviceIOCompletionCallback Callback, object Context)
    {
        public void Answer(uint error) => Callback(error, error == 0 ? Bytes : 0, Context);
    }
}
