namespace SemCache.Core.Requests;

/// <summary>Decides whether a response may be reused at all.</summary>
internal static class Admission
{
    /// <summary>Null when the response is admitted, else why it is not.</summary>
    public static StoreResult? Refuse(StoreCommand command, NamespaceSettings settings, LimitsOptions limits)
    {
        int bytes = command.Response.Body.Length;
        if (bytes == 0 || (command.Response.IsText && string.IsNullOrWhiteSpace(command.Response.Text)))
        {
            return new StoreResult(null, NotAdmittedReason.EmptyResponse, "response is empty");
        }

        if (bytes > limits.MaxResponseBytes)
        {
            return new StoreResult(
                null,
                NotAdmittedReason.TooLarge,
                $"response has {bytes} bytes; admitted are at most {limits.MaxResponseBytes} "
                + "(SemCache:Limits:MaxResponseBytes)");
        }

        string finishReason = command.Usage?.FinishReason ?? "";
        if (finishReason.Length > 0
            && !settings.AdmittedFinishReasons.Contains(finishReason, StringComparer.OrdinalIgnoreCase))
        {
            return new StoreResult(
                null,
                NotAdmittedReason.FinishReason,
                $"usage.finish_reason is '{finishReason}'; admitted are "
                + $"{string.Join(", ", settings.AdmittedFinishReasons)} (AdmittedFinishReasons)");
        }

        return null;
    }
}
