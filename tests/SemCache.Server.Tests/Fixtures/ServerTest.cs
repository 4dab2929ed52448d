[assembly: AssemblyFixture(typeof(SemCache.Server.Tests.Fixtures.SharedServer))]

namespace SemCache.Server.Tests.Fixtures;

/// <summary>One server with default options for all tests that need no other; each test has a namespace of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>A test against the shared server.</summary>
public abstract class ServerTest(SharedServer shared) : IAsyncLifetime
{
    protected TestServer Server => shared.Server;

    protected SemanticCache.SemanticCacheClient Cache => Server.Cache;

    protected Admin.AdminClient Admin => Server.Admin;

    /// <summary>A namespace that no other test uses.</summary>
    protected string Namespace { get; } = Ask.NewNamespace();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    // Whoever runs at the moment of an unexpected error fails: tests run side by side, but none may pass over it.
    public virtual ValueTask DisposeAsync()
    {
        Server.Log.AssertNothingUnexpected();
        return ValueTask.CompletedTask;
    }
}
