using Keyhole.TestSupport;

namespace Keyhole.Cli.Tests;

/// <summary>One whole run of <c>keyhole demo</c>, as the README has it, for all tests that look at it.</summary>
public sealed class DemoFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DemoFixture()
    {
        Study = _folder.File("keyhole-demo.study");
        Result = KeyholeProcess.Run("demo", "-o", Study);
    }

    /// <summary>The study that it wrote: models/mini over the first 4,000 lines of the bundled text.</summary>
    internal string Study { get; }

    /// <summary>The report that it wrote.</summary>
    internal string Report => Path.ChangeExtension(Study, ".html");

    internal CommandResult Result { get; }

    public void Dispose() => _folder.Dispose();
}
