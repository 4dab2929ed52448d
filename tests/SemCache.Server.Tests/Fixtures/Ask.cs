namespace SemCache.Server.Tests.Fixtures;

/// <summary>Requests as tests write them.</summary>
public static class Ask
{
    /// <summary>The threshold that the server is shipped with.</summary>
    public const double DefaultThreshold = Core.NamespaceSettings.DefaultThreshold;

    public static string NewNamespace() => "t-" + Guid.NewGuid().ToString("N");

    public static Prompt Text(string text) => new() { Text = text };

    public static Prompt Conversation(params (string Role, string Content)[] messages) => new()
    {
        Conversation = new Conversation
        {
            Messages = { messages.Select(message => new Message { Role = message.Role, Content = message.Content }) },
        },
    };

    public static LookupRequest Lookup(string ns, string text) => Lookup(ns, Text(text));

    public static LookupRequest Lookup(string ns, Prompt prompt) => new() { Namespace = ns, Prompt = prompt };

    public static StoreRequest Store(string ns, string text, string response) => Store(ns, Text(text), response);

    public static StoreRequest Store(string ns, Prompt prompt, string response) =>
        new() { Namespace = ns, Prompt = prompt, Response = new Response { Text = response } };

    public static LookupRequest InScope(this LookupRequest request, params (string Key, string Value)[] scope)
    {
        request.Scope.Add(scope.ToDictionary(pair => pair.Key, pair => pair.Value));
        return request;
    }

    public static StoreRequest InScope(this StoreRequest request, params (string Key, string Value)[] scope)
    {
        request.Scope.Add(scope.ToDictionary(pair => pair.Key, pair => pair.Value));
        return request;
    }

    public static StoreRequest Tagged(this StoreRequest request, params string[] tags)
    {
        request.Tags.Add(tags);
        return request;
    }
}
