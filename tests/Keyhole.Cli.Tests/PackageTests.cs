using System.Xml.Linq;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class PackageTests
{
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    [Fact]
    public void The_tool_installs_from_a_local_folder_and_runs()
    {
        using var folder = new TemporaryFolder();
        string packages = folder.File("packages");
        Dotnet("pack", "Keyhole.slnx", "-c", Configuration, "--no-build", "-o", packages);
        string version = XDocument.Load(Path.Combine(SharedData.Repository, "Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Equal(
            [$"Keyhole.Analysis.{version}.nupkg", $"Keyhole.Engine.{version}.nupkg", $"Keyhole.Web.{version}.nupkg", $"keyhole.{version}.nupkg"],
            Directory.GetFiles(packages).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

        // Only the local folder is a source: the install needs no network.
        string config = folder.Write("nuget.config", "<configuration><packageSources><clear /><add key=\"local\" value=\"packages\" /></packageSources></configuration>");
        Dotnet("tool", "install", "keyhole", "--tool-path", folder.File("tool"), "--configfile", config, "--version", version);

        string tool = Directory.GetFiles(folder.File("tool"), "keyhole*").Single();
        CommandResult result = KeyholeProcess.Start(tool, new Dictionary<string, string>(), "", ["--version"]);
        Assert.Equal(0, result.ExitStatus);
        Assert.Equal($"keyhole {version}\n", result.Output);
        string model = Directory.GetFiles(folder.File("tool"), "model.safetensors", SearchOption.AllDirectories).Single();
        Assert.Equal(new FileInfo(Path.Combine(SharedData.Repository, "models", "mini", "model.safetensors")).Length, new FileInfo(model).Length);
    }

    private static void Dotnet(params string[] arguments)
    {
        var environment = new Dictionary<string, string> { ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" };
        CommandResult result = KeyholeProcess.Start(KeyholeProcess.DotnetHost, environment, "", arguments);
        Assert.True(result.ExitStatus == 0, $"dotnet {string.Join(' ', arguments)}\n{result.Output}\n{result.Error}");
    }
}
