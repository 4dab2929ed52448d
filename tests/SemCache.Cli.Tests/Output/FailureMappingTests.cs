using System.Net.Sockets;
using System.Text.Json;
using Grpc.Core;
using SemCache.Cli.Output;

namespace SemCache.Cli.Tests.Output;

public class FailureMappingTests
{
    private static readonly Uri _server = new("http://cache:5080");

    [Theory]
    [InlineData(StatusCode.Unavailable, 5)]
    [InlineData(StatusCode.DeadlineExceeded, 5)]
    [InlineData(StatusCode.InvalidArgument, 6)]
    [InlineData(StatusCode.NotFound, 6)]
    [InlineData(StatusCode.Unauthenticated, 6)]
    [InlineData(StatusCode.PermissionDenied, 6)]
    [InlineData(StatusCode.ResourceExhausted, 7)]
    [InlineData(StatusCode.Internal, 1)]
    [InlineData(StatusCode.DataLoss, 1)]
    [InlineData(StatusCode.Unimplemented, 1)]
    public void Map_Status_HasItsExitCode(StatusCode status, int exitCode) =>
        Assert.Equal(exitCode, Map(new RpcException(new Status(status, "why"))).ExitCode);

    [Fact]
    public void Map_InvalidArgument_RepeatsTheServersReason()
    {
        var failure = Map(new RpcException(new Status(StatusCode.InvalidArgument, "threshold must be at most 1")));

        Assert.Equal("INVALID_ARGUMENT", failure.Code);
        Assert.Equal("The server refused the request: threshold must be at most 1", failure.Message);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Internal)]
    public void Map_ConnectionFailed_IsUnavailableWithTheAddress(StatusCode status)
    {
        var cause = new HttpRequestException("x", new SocketException((int)SocketError.ConnectionRefused));

        var failure = Map(new RpcException(new Status(status, "Error starting gRPC call.", cause)));

        Assert.Equal(ExitCode.Unavailable, failure.ExitCode);
        Assert.StartsWith("Cannot reach a SemCache server at http://cache:5080/: ", failure.Message);
    }

    [Fact]
    public void Map_Deadline_NamesTheTimeout() =>
        Assert.Equal(
            "No answer from http://cache:5080/ within 2 s (--timeout).",
            Map(new RpcException(new Status(StatusCode.DeadlineExceeded, ""))).Message);

    [Fact]
    public void Map_WhateverHappensAfterAnInterruption_IsTheInterruption()
    {
        var failure = FailureMapping.Map(
            new RpcException(new Status(StatusCode.Cancelled, "")), _server, TimeSpan.FromSeconds(2), interrupted: true);

        Assert.Equal(130, failure.ExitCode);
    }

    [Fact]
    public void Map_OwnExceptions_HaveTheirExitCodes()
    {
        Assert.Equal(2, Map(new UsageException("no")).ExitCode);
        Assert.Equal(2, Map(new FileNotFoundException("no")).ExitCode);
        Assert.Equal(8, Map(new PartlyFailedException("no")).ExitCode);
        Assert.Equal(1, Map(new IOException("disk full")).ExitCode);
        Assert.Equal(1, Map(new InvalidOperationException("bug")).ExitCode);
    }

    [Fact]
    public void ExitCodes_AllAreExplained() =>
        Assert.Equal(
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 130], ExitCode.All.Where(code => ExitCode.Meaning(code).Length > 0));

    [Fact]
    public async Task Write_Json_IsOneObjectOnStandardError()
    {
        var run = await CliRun.ExecuteAsync("lookup", "hello", "--json");

        var error = JsonDocument.Parse(run.Error).RootElement.GetProperty("error");
        Assert.Equal("UNAVAILABLE", error.GetProperty("code").GetString());
        Assert.StartsWith("Cannot reach", error.GetProperty("message").GetString());
        Assert.Equal("", run.Out);
    }

    private static Failure Map(Exception e) =>
        FailureMapping.Map(e, _server, TimeSpan.FromSeconds(2), interrupted: false);
}
