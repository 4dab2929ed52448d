using CsCheck;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Partitions;

/// <summary>
/// Random operations over many namespaces and scopes against a naive model, with restarts in between and a log of
/// small pages and segments: not one foreign, lost or resurrected entry.
/// </summary>
public sealed class IsolationTests
{
    private static readonly string[] _namespaces = ["a", "b", "A", "a.b"];
    private static readonly string[] _users = ["", "u1", "u2", "U1"];
    private static readonly string[] _prompts =
        ["What is the capital of France?", "What's the capital of France", "what is the capital of france ?", "Bake bread"];

    private static readonly Gen<Operation> _operation = Gen.Select(
        Gen.Int[0, _namespaces.Length - 1].Select(i => _namespaces[i]),
        Gen.Int[0, _users.Length - 1].Select(i => _users[i]),
        Gen.Int[0, _prompts.Length - 1].Select(i => _prompts[i]),
        Gen.Int[0, 19],
        (ns, user, prompt, kind) => new Operation(ns, user, prompt, kind));

    [Fact]
    public void RandomOperations_AgainstANaiveModel_Agree() => _operation.Array[60, 200].Sample(
        operations => RunAsync(operations).GetAwaiter().GetResult(), iter: 12, threads: 2);

    private static async Task RunAsync(Operation[] operations)
    {
        using var folder = new TemporaryFolder();
        var model = new Dictionary<(string Ns, string User, string Prompt), string>();
        TestCache cache = await StartAsync(folder);
        int number = 0;
        foreach (Operation operation in operations)
        {
            (string Ns, string User, string Prompt) key = (operation.Ns, operation.User, operation.Prompt);
            (string, string)[] scope = operation.User.Length == 0 ? [] : [("user", operation.User)];
            switch (operation.Kind)
            {
                case < 9:
                    LookupResult result = await cache.LookupAsync(operation.Prompt, operation.Ns, scope);
                    AssertAgrees(result, key, model);
                    break;
                case < 15:
                    string response = $"{operation.Ns}|{operation.User}|{operation.Prompt}|{number++}|{new string('x', 3000)}";
                    await cache.StoreAsync(operation.Prompt, response, operation.Ns, scope);
                    model[key] = response;
                    break;
                case < 18:
                    await cache.Cache.InvalidateAsync(new InvalidateFilter
                    {
                        Namespace = operation.Ns,
                        Prompt = Prompt.FromText(operation.Prompt),
                        Scope = TestCache.Scope(scope),
                    });
                    foreach ((string Ns, string User, string Prompt) gone in model.Keys.Where(k =>
                        k.Ns == operation.Ns && k.Prompt == operation.Prompt
                        && (operation.User.Length == 0 || k.User == operation.User)).ToList())
                    {
                        model.Remove(gone);
                    }

                    break;
                default:
                    await cache.DisposeAsync();
                    cache = await StartAsync(folder);
                    break;
            }
        }

        foreach (string ns in _namespaces)
        {
            string[] stored = [.. cache.Cache.Export(ns).Select(entry => entry.Response.Text).Order()];
            Assert.Equal([.. model.Where(pair => pair.Key.Ns == ns).Select(pair => pair.Value).Order()], stored);
        }

        await cache.DisposeAsync();
    }

    private static void AssertAgrees(
        LookupResult result,
        (string Ns, string User, string Prompt) key,
        Dictionary<(string Ns, string User, string Prompt), string> model)
    {
        if (model.TryGetValue(key, out string? expected))
        {
            Assert.Equal(LookupOutcome.ExactHit, result.Outcome);
            Assert.Equal(expected, result.Entry!.Response.Text);
        }
        else if (result.Outcome == LookupOutcome.SemanticHit)
        {
            Assert.StartsWith($"{key.Ns}|{key.User}|", result.Entry!.Response.Text, StringComparison.Ordinal);
            Assert.Contains(result.Entry.Response.Text, model.Values);
        }
        else
        {
            Assert.Equal(LookupOutcome.Miss, result.Outcome);
        }
    }

    private static Task<TestCache> StartAsync(TemporaryFolder folder) => TestCache.StartAsync(
        folder.Path,
        null,
        ("Storage:PageSize", "65536"),
        ("Storage:MemorySize", "262144"),
        ("Storage:SegmentSize", "131072"),
        ("Limits:MaxPromptBytes", "8192"),
        ("Limits:MaxMessages", "100"),
        ("Limits:MaxResponseBytes", "8192"),
        ("Limits:MaxScopeBytes", "1024"),
        ("Limits:MaxTags", "8"));

    private sealed record Operation(string Ns, string User, string Prompt, int Kind);
}
