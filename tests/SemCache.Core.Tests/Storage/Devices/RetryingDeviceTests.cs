using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Devices;

/// <summary>Failed writes, as FasterLog sees them: not at all.</summary>
public sealed class RetryingDeviceTests : IDisposable
{
    private static readonly TimeSpan _silence = TimeSpan.FromMilliseconds(100);

    private readonly ManualDevice _below = new();
    private readonly CollectedLogs _logs = new();
    private readonly RetryingDevice _device;
    private readonly ConcurrentQueue<(string Write, uint Error)> _answers = new();

    public RetryingDeviceTests() =>
        _device = new RetryingDevice(_below, _silence, TestModels.NewMetrics(), _logs.CreateLogger("device"));

    public void Dispose()
    {
        _device.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Write_Fails_IsTriedAgainAtTheSamePlaceAndAnsweredOnce()
    {
        Write("a", 4096);
        (await _below.NextAsync()).Answer(DeviceError.InputOutput);
        Assert.Equal(LogState.Failing, _device.Status.State);
        ManualDevice.Request again = await _below.NextAsync();
        Assert.Equal((4096ul, 512u), (again.Offset, again.Bytes));
        Assert.Empty(_answers);
        again.Answer(0);
        Assert.Equal([("a", 0u)], _answers);
        Assert.True(_device.Status.IsHealthy);
    }

    [Fact]
    public async Task Write_NoSpace_IsDiskFullUntilItSucceedsAndBothAreLogged()
    {
        Write("a");
        (await _below.NextAsync()).Answer(DeviceError.NoSpace);
        LogStatus status = _device.Status;
        Assert.Equal(LogState.DiskFull, status.State);
        Assert.Equal(DeviceError.Describe(DeviceError.NoSpace), status.Reason);
        (await _below.NextAsync()).Answer(DeviceError.NoSpace);
        Assert.Contains(status.Reason, Assert.Single(_logs.At(LogLevel.Error)), StringComparison.Ordinal);
        (await _below.NextAsync()).Answer(0);
        Assert.Single(_logs.At(LogLevel.Information));
        Assert.Equal(LogStatus.Healthy, _device.Status);
    }

    [Fact]
    public async Task Write_WhileOthersWait_KeepsTheOrderAndGoesOneAtATime()
    {
        Write("a");
        Write("b");
        ManualDevice.Request a = await _below.NextAsync();
        ManualDevice.Request b = await _below.NextAsync();
        b.Answer(DeviceError.InputOutput);
        a.Answer(DeviceError.InputOutput);
        Write("c");
        for (int i = 0; i < 3; i++)
        {
            ManualDevice.Request next = await _below.NextAsync();
            Assert.False(_below.HasMore);
            Assert.False(_device.Status.IsHealthy);
            next.Answer(0);
        }

        Assert.Equal(["a", "b", "c"], _answers.Select(answer => answer.Write));
        Assert.True(_device.Status.IsHealthy);
    }

    [Fact]
    public async Task Write_UnderWayWhenAnotherFails_DoesNotEndTheTrouble()
    {
        Write("a");
        Write("b");
        ManualDevice.Request a = await _below.NextAsync();
        ManualDevice.Request b = await _below.NextAsync();
        a.Answer(DeviceError.NoSpace);
        ManualDevice.Request again = await _below.NextAsync();
        b.Answer(0);
        Assert.Equal(LogState.DiskFull, _device.Status.State);
        again.Answer(0);
        Assert.True(_device.Status.IsHealthy);
    }

    [Fact]
    public async Task Write_ReasonChanges_IsReported()
    {
        Write("a");
        (await _below.NextAsync()).Answer(DeviceError.NoSpace);
        (await _below.NextAsync()).Answer(DeviceError.InputOutput);
        Assert.Equal(LogState.Failing, _device.Status.State);
        Assert.Equal(2, _logs.At(LogLevel.Error).Count());
    }

    [Fact]
    public async Task Watch_NoAnswerForTooLong_IsFailingUntilThereIsOne()
    {
        Write("a");
        ManualDevice.Request request = await _below.NextAsync();
        await Task.Delay(2 * _silence);
        _device.Watch();
        Assert.Equal(LogState.Failing, _device.Status.State);
        Write("b");
        ManualDevice.Request other = await _below.NextAsync();
        other.Answer(0);
        Assert.Equal(LogState.Failing, _device.Status.State);
        request.Answer(0);
        Assert.True(_device.Status.IsHealthy);
    }

    [Fact]
    public void Watch_AnswerNotOverdue_IsHealthy()
    {
        using var patient = new RetryingDevice(
            new ManualDevice(), TimeSpan.FromHours(1), TestModels.NewMetrics(), _logs.CreateLogger("device"));
        patient.WriteAsync(0, 0, 0, 512, (_, _, _) => { }, "a");
        patient.Watch();
        Assert.True(patient.Status.IsHealthy);
    }

    [Fact]
    public async Task GiveUp_AnswersEverythingInOrderAndOnlyOnce()
    {
        Write("a");
        Write("b");
        ManualDevice.Request a = await _below.NextAsync();
        ManualDevice.Request b = await _below.NextAsync();
        b.Answer(DeviceError.InputOutput);
        Write("c");
        _device.GiveUp();
        Assert.Equal(["a", "b", "c"], _answers.Select(answer => answer.Write));
        Assert.All(_answers, answer => Assert.NotEqual(0u, answer.Error));
        a.Answer(0);
        Write("d");
        while (_answers.Count < 4)
        {
            await Task.Yield();
        }

        Assert.Equal(("d", DeviceError.InputOutput), _answers.Last());
        await Task.Delay(TimeSpan.FromMilliseconds(50));
        Assert.False(_below.HasMore);
    }

    [Fact]
    public async Task GiveUp_WritesUnderWayAndWaiting_AreAnsweredWhenTheDeviceIsClosed()
    {
        var closed = new ConcurrentQueue<bool>();
        for (int i = 0; i < 2; i++)
        {
            _device.WriteAsync(0, 0, 0, 512, (_, _, _) => closed.Enqueue(_below.IsClosed), i);
        }

        (await _below.NextAsync()).Answer(DeviceError.InputOutput);
        Assert.False(_below.IsClosed);
        _device.GiveUp();
        Assert.Equal([true, true], closed);
    }

    private void Write(string name, ulong offset = 0) =>
        _device.WriteAsync(0, 0, offset, 512, (error, _, context) => _answers.Enqueue(((string)context, error)), name);
}
