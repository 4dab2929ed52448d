namespace SemCache.Peers.Data;

/// <summary>Vectors to fill the indexes with, and queries that are none of them. All have unit length.</summary>
/// <param name="Name">Short; names files.</param>
/// <param name="Description">What it is, in one sentence for the report.</param>
/// <param name="Vectors">All vectors, in an order that says nothing.</param>
/// <param name="Entries">
/// How many of them, from the first on, an index holds when it is fresh. Further ones come in by churn only.
/// </param>
/// <param name="Queries">What is searched for.</param>
internal sealed record DataSet(
    string Name, string Description, VectorTable Vectors, int Entries, VectorTable Queries);
