using SemCache.V1;

namespace SemCache.LoadTest.Serving;

/// <summary>The requests that every command sends.</summary>
internal static class Requests
{
    public static LookupRequest Lookup(string inNamespace, string prompt) =>
        new() { Namespace = inNamespace, Prompt = new Prompt { Text = prompt } };

    public static StoreRequest Store(string inNamespace, string prompt, string response) => new()
    {
        Namespace = inNamespace,
        Prompt = new Prompt { Text = prompt },
        Response = new Response { Text = response },
    };
}
