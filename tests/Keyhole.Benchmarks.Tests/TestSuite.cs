using Keyhole.TestSupport;

namespace Keyhole.Benchmarks.Tests;

/// <summary>Suites of the repository for tests.</summary>
internal static class TestSuite
{
    /// <summary>A short run of two threads that prints nowhere.</summary>
    public static Suite Make(TemporaryFolder folder, string? shared = null)
        => new(SharedData.Repository, shared ?? folder.File("no-shared"), quick: true, threads: 2, TextWriter.Null, CancellationToken.None);
}
