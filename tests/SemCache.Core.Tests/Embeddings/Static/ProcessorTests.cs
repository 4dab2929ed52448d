using System.Diagnostics;

namespace SemCache.Core.Tests.Embeddings.Static;

/// <summary>
/// The shipped model on processors without this one's widest registers, those of ARM among them: its tests again, in a
/// process whose runtime does without.
/// </summary>
public sealed class ProcessorTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task ShippedModel_ProcessorWithout_EqualsOnnxRuntimeToo(string instructions)
    {
        string self = Environment.ProcessPath!;
        var start = new ProcessStartInfo(self) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ProcessorTests).Assembly.Location);
        }

        foreach (Type tests in (Type[])[typeof(StaticEncoderTests), typeof(StaticVerifierTests)])
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(tests.FullName!);
        }

        start.ArgumentList.Add("-noColor");
        start.Environment[instructions] = "0";
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("Failed: 0", output, StringComparison.Ordinal);
    }
}
