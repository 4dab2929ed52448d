namespace SemCache.LoadTest.Texts;

/// <summary>Made-up responses that say which prompt they belong to.</summary>
internal static class Responses
{
    private const string Filler = "The quick brown fox jumps over the lazy dog. ";

    /// <summary>The response of the prompt with this number: different for every number, of this size.</summary>
    public static string Of(int number, int bytes)
    {
        string head = $"Response {number}. ";
        return string.Create(Math.Max(bytes, head.Length), head, static (span, head) =>
        {
            head.CopyTo(span);
            for (int i = head.Length; i < span.Length; i++)
            {
                span[i] = Filler[(i - head.Length) % Filler.Length];
            }
        });
    }
}
