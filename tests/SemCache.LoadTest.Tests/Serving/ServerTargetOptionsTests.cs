using System.CommandLine;
using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Tests.Serving;

public sealed class ServerTargetOptionsTests
{
    [Theory]
    [InlineData("--server", "http://127.0.0.1:5080")]
    [InlineData("--server", "unix:/run/semcache.sock")]
    [InlineData]
    public async Task Open_Address_IsTaken(params string[] arguments)
    {
        (ServerTargetOptions options, ParseResult parsed) = Parse(arguments);

        await using ServerTarget target = options.Open(parsed);

        Assert.Empty(parsed.Errors);
        Assert.Equal(arguments.LastOrDefault() ?? "http://127.0.0.1:5080", target.Address.OriginalString);
    }

    [Theory]
    [InlineData("--server", "127.0.0.1")]
    [InlineData("--server", "unix:here")]
    [InlineData("--socket")]
    public void Parse_WhatMakesNoSense_IsRefused(params string[] arguments) =>
        Assert.NotEmpty(Parse(arguments).Parsed.Errors);

    private static (ServerTargetOptions Options, ParseResult Parsed) Parse(string[] arguments)
    {
        var options = new ServerTargetOptions();
        var command = new Command("test");
        options.AddTo(command);
        return (options, command.Parse(arguments));
    }
}
