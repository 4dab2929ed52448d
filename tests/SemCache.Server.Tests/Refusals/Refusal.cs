using Google.Rpc;

namespace SemCache.Server.Tests.Refusals;

/// <summary>What a refused call must say.</summary>
internal static class Refusal
{
    /// <summary>INVALID_ARGUMENT, with the field and its problem in the message and in the details.</summary>
    public static async Task AssertInvalidAsync(Func<Task> call, string field, string problem, string what)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(refused.StatusCode == StatusCode.InvalidArgument, $"{what}: {refused.Status}");
        Assert.StartsWith(field + ": ", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Status.Detail, StringComparison.Ordinal);
        BadRequest.Types.FieldViolation violation = Assert.Single(
            refused.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations);
        Assert.Equal(field, violation.Field);
        Assert.Contains(problem, violation.Description, StringComparison.Ordinal);
    }

    /// <summary>RESOURCE_EXHAUSTED, naming the option that holds the limit.</summary>
    public static async Task<RetryInfo?> AssertExhaustedAsync(Func<Task> call, string option)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Contains(option, refused.Status.Detail, StringComparison.Ordinal);
        return refused.GetRpcStatus()?.GetDetail<RetryInfo>();
    }
}
