using SemCache.Core.Partitions;
using SemCache.Core.Prompts;

namespace SemCache.Core.Tests.Partitions;

public sealed class PartitionIdentityTests
{
    [Fact]
    public void Digest_IdentitiesThatDifferAnywhere_AreAllDifferent()
    {
        PartitionIdentity[] identities =
        [
            new("a", CanonicalScope.Empty, 0),
            new("b", CanonicalScope.Empty, 0),
            new("a", CanonicalScope.Empty, 1),
            new("a", CanonicalScope.Of([new("x", "y")]), 0),
            new("a", CanonicalScope.Of([new("xy", "")]), 0),
            new("a", CanonicalScope.Of([new("", "xy")]), 0),
            new("a", CanonicalScope.Of([new("x", "y"), new("z", "")]), 0),
            new("ax", CanonicalScope.Empty, 0),
        ];
        Assert.Equal(identities.Length, identities.Select(identity => identity.Digest()).Distinct().Count());
        Assert.Equal(identities.Length, identities.Distinct().Count());
    }

    [Fact]
    public void Digest_OfTheLogFormat_NeverChanges() => Assert.Equal(
        "627e1d42dbe84eb66de21b2e6cecf046",
        new PartitionIdentity("default", CanonicalScope.Of([new("model", "m"), new("user", "ü")]), 42).Digest()
            .ToString("x32", System.Globalization.CultureInfo.InvariantCulture));
}
