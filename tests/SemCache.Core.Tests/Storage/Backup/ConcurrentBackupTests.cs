using SemCache.Core.Storage.Backup;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Backup;

/// <summary>
/// Backups while writers store, replace and remove. A writer waits for each operation, so what a backup has of it must be
/// what the first n of its operations leave: n at least those that were acknowledged when the backup was asked for.
/// </summary>
public sealed class ConcurrentBackupTests : IDisposable
{
    private const int Writers = 6;
    private const int Keys = 5;
    private const int Backups = 3;

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Backup_WhileWritersChangeEverything_IsTheirStateAtOneMoment()
    {
        await using TestCache cache = await SmallLog.StartAsync(Path.Combine(_temporary.Path, "source"));
        using var done = new CancellationTokenSource();
        Writer[] writers = [.. Enumerable.Range(0, Writers).Select(number => new Writer(cache, number))];
        Task[] writing = [.. writers.Select(writer => Task.Run(() => writer.RunAsync(done.Token)))];
        for (int i = 0; i < Backups; i++)
        {
            int target = 20 * (i + 1);
            while (writers.Any(writer => writer.Acknowledged < target) && !writing.Any(task => task.IsFaulted))
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            int[] acknowledged = [.. writers.Select(writer => writer.Acknowledged)];
            using MemoryStream archive = await BackupTests.BackUpAsync(cache);
            int[] begun = [.. writers.Select(writer => writer.Begun)];
            string folder = Path.Combine(_temporary.Path, $"restored-{i}");
            await BackupRestore.RunAsync(archive, folder, TestContext.Current.CancellationToken);
            await using TestCache restored = await SmallLog.StartAsync(folder);
            for (int w = 0; w < Writers; w++)
            {
                await writers[w].AssertPrefixAsync(restored, acknowledged[w], begun[w]);
            }
        }

        await done.CancelAsync();
        await Task.WhenAll(writing);
    }

    /// <summary>One writer in a namespace of its own.</summary>
    private sealed class Writer(TestCache cache, int number)
    {
        private readonly string _ns = $"writer-{number}";
        private int _begun;
        private int _acknowledged;

        public int Begun => Volatile.Read(ref _begun);

        public int Acknowledged => Volatile.Read(ref _acknowledged);

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            for (int i = 0; !cancellationToken.IsCancellationRequested; i++)
            {
                Volatile.Write(ref _begun, i + 1);
                if (IsRemoval(i))
                {
                    await cache.Cache.InvalidateAsync(
                        new InvalidateFilter { Namespace = _ns, EntireNamespace = true }, CancellationToken.None);
                }
                else
                {
                    await cache.StoreAsync(Key(i), Value(i), _ns);
                }

                Volatile.Write(ref _acknowledged, i + 1);
            }
        }

        public async Task AssertPrefixAsync(TestCache restored, int least, int most)
        {
            string found = string.Join(", ", await Task.WhenAll(Enumerable.Range(0, Keys).Select(
                async key => (await restored.LookupAsync(Key(key), _ns)) is { Outcome: LookupOutcome.ExactHit } hit
                    ? hit.Entry!.Response.Text
                    : "-")));
            Assert.Contains(found, Enumerable.Range(least, most - least + 1).Select(StateAfter));
        }

        private string StateAfter(int operations)
        {
            string?[] state = new string?[Keys];
            for (int i = 0; i < operations; i++)
            {
                if (IsRemoval(i))
                {
                    Array.Clear(state);
                }
                else
                {
                    state[i % Keys] = Value(i);
                }
            }

            return string.Join(", ", state.Select(value => value ?? "-"));
        }

        private static bool IsRemoval(int i) => i % 17 == 16;

        private static string Key(int i) => $"key {i % Keys}";

        private string Value(int i) => $"{number}/{i} " + new string('x', 50 + ((i * 37) % 900));
    }
}
