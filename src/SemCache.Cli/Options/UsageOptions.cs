using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using SemCache.V1;

namespace SemCache.Cli.Options;

/// <summary>What the original call of the model took and cost.</summary>
internal sealed class UsageOptions
{
    private readonly Option<string> _model = CommonOptions.Value("--model", "NAME", "Model that answered");
    private readonly Option<long?> _promptTokens = CommonOptions.Number<long>(
        "--prompt-tokens", "N", "Tokens that were read");
    private readonly Option<long?> _completionTokens = CommonOptions.Number<long>(
        "--completion-tokens", "N", "Tokens that were written");
    private readonly Option<double?> _cost = CommonOptions.Number<double>(
        "--cost", "AMOUNT", "What the call cost, in your currency");
    private readonly Option<TimeSpan?> _latency = CommonOptions.Duration(
        "--latency", "Time to the last token, like 820ms or 2.5s");
    private readonly Option<TimeSpan?> _timeToFirstToken = CommonOptions.Duration(
        "--ttft", "Time to the first token");
    private readonly Option<string> _finishReason = CommonOptions.Value(
        "--finish-reason", "REASON", "Why the model stopped: stop, length, content_filter …; decides on admission");

    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_promptTokens);
        command.Add(_completionTokens);
        command.Add(_cost);
        command.Add(_latency);
        command.Add(_timeToFirstToken);
        command.Add(_finishReason);
    }

    /// <summary>The usage that was given, or null when nothing of it was.</summary>
    public Usage? Read(ParseResult parse)
    {
        var usage = new Usage
        {
            Model = parse.GetValue(_model) ?? "",
            PromptTokens = parse.GetValue(_promptTokens) ?? 0,
            CompletionTokens = parse.GetValue(_completionTokens) ?? 0,
            Cost = parse.GetValue(_cost) ?? 0,
            Latency = parse.GetValue(_latency)?.ToDuration(),
            TimeToFirstToken = parse.GetValue(_timeToFirstToken)?.ToDuration(),
            FinishReason = parse.GetValue(_finishReason) ?? "",
        };
        return usage.Equals(new Usage()) ? null : usage;
    }
}
