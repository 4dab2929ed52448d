using FASTER.core;

namespace SemCache.Core.Storage;

/// <summary>
/// Tells FasterLog that no commit metadata is needed: the tail is found by scanning records, each of which proves
/// itself. Saves the creation of a file for every commit.
/// </summary>
internal sealed class SelfDescribingCommits : ILogCommitManager
{
    public void Commit(
        long beginAddress, long untilAddress, byte[] commitMetadata, long commitNum, bool forceWriteMetadata)
    {
    }

    public byte[] GetCommitMetadata(long commitNum) => [];

    public IEnumerable<long> ListCommits() => [];

    public void RemoveCommit(long commitNum)
    {
    }

    public void RemoveAllCommits()
    {
    }

    public void OnRecovery(long commitNum)
    {
    }

    public void Dispose()
    {
    }
}
