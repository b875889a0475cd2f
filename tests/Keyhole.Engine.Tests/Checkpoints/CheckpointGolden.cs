using Keyhole.TestSupport;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Reference files of this area.</summary>
internal static class CheckpointGolden
{
    /// <summary>Path of a file in Golden/checkpoints.</summary>
    public static string File(string name) => Path.Combine(SharedData.Repository, "tests", "Keyhole.Engine.Tests", "Golden", "checkpoints", name);
}
