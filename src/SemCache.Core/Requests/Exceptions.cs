namespace SemCache.Core;

/// <summary>A request or option value is not allowed. The message names the field, the problem and what is allowed.</summary>
public sealed class InvalidRequestException(string field, string problem) : Exception($"{field}: {problem}")
{
    /// <summary>The offending field, as the contract names it.</summary>
    public string Field { get; } = field;

    /// <summary>What is wrong with it and what is allowed.</summary>
    public string Problem { get; } = problem;
}

/// <summary>A configured limit is reached.</summary>
/// <param name="message">Names the limit and its value.</param>
/// <param name="retryAfter">When trying again may help; null when it will not without a change.</param>
public sealed class LimitReachedException(string message, TimeSpan? retryAfter) : Exception(message)
{
    /// <summary>When trying again may help; null when it will not without a change.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>The cache cannot serve at the moment: it is recovering, stopping, or its log cannot be written.</summary>
public sealed class CacheUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The cache cannot be started as it is configured. The message is one sentence for the operator.</summary>
public class CacheStartupException(string message, Exception? inner = null) : Exception(message, inner);
