using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests;

public class ScaffoldTests
{
    [Fact]
    public void The_repository_is_found() => Assert.True(File.Exists(Path.Combine(SharedData.Repository, "Keyhole.slnx")));
}
