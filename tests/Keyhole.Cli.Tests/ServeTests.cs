using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class ServeTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);   // a guard against a hang, no measure of speed

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_study_is_served_until_a_signal_stops_it(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The test needs Unix signals.");
        using var folder = new TemporaryFolder();
        string study = CatStudy.Write(folder);
        using Process process = Process.Start(new ProcessStartInfo(KeyholeProcess.DotnetHost, [KeyholeProcess.Assembly, "serve", study, "--port", "0", "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            var printed = new List<string>();
            while (printed is [] || printed[^1] != "}")
            {
                printed.Add(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException(await error));
            }

            var address = new Uri(JsonDocument.Parse(string.Join('\n', printed)).RootElement.GetProperty("address").GetString()!);
            Assert.True(address.IsLoopback);
            using var client = new HttpClient { BaseAddress = address };
            using HttpResponseMessage answer = await client.GetAsync("/api/study", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            JsonElement summary = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
            Assert.Equal("a.study", summary.GetProperty("name").GetString());
            Assert.Equal("none", summary.GetProperty("model").GetString());
        }
        finally
        {
            using Process kill = Process.Start("kill", ["-s", signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(process.WaitForExit(Longest), "The server did not stop.");
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("--model MODEL", await error, StringComparison.Ordinal);
        Assert.EndsWith("The server has stopped.\n", await error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_taken_is_an_error()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        CommandResult result = KeyholeProcess.Run("serve", CatStudy.Write(folder), "--port", port);
        Assert.Equal(3, result.ExitStatus);
        Assert.StartsWith($"keyhole: error KH7001: Port {port} of 127.0.0.1 cannot be used", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port", "70000", "--port must be 0 to 65535.")]
    [InlineData("--host", "example.com", "--host example.com: give an IP address of this machine, such as 127.0.0.1 or 0.0.0.0.")]
    public void What_cannot_be_meant_is_an_error(string option, string value, string sentence)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("serve", CatStudy.Write(folder), option, value);
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_study_is_not_served()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("serve", folder.Write("a.study", "no study"), "--port", "0");
        Assert.Equal(3, result.ExitStatus);
        Assert.StartsWith("keyhole: error KH5102: ", result.Error, StringComparison.Ordinal);
    }
}
