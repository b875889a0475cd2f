using Keyhole.Web.Serving;
using Keyhole.Web.Site;
using Xunit;
using JavaScript = Jint.Engine;

namespace Keyhole.Web.Tests.Site;

public class ModuleBundleTests
{
    [Fact]
    public void Modules_run_once_in_order_of_need()
    {
        var modules = new Dictionary<string, string>
        {
            ["/js/a.js"] = "import { two as zwei, Three } from \"./sub/b.js\";\nimport { log } from \"./log.js\";\nlog.push(`a ${zwei()} ${new Three().value}`);\n",
            ["/js/sub/b.js"] = "import { log } from \"../log.js\";\nlog.push(\"b\");\nconst hidden = 2;\nexport function two() {\n  return hidden;\n}\nexport class Three {\n  value = 3;\n}\n",
            ["/js/log.js"] = "export const log = [];\nglobalThis.log = log;\n",
        };
        using var engine = new JavaScript();
        engine.Execute(ModuleBundle.Of("/js/a.js", path => modules[path]));
        Assert.Equal("b|a 2 3", engine.Evaluate("log.join('|')").ToString());
        Assert.Equal("undefined", engine.Evaluate("typeof hidden").ToString());
    }

    [Theory]
    [InlineData("import x from \"./b.js\";")]
    [InlineData("import * as b from \"./b.js\";")]
    [InlineData("export default 3;")]
    [InlineData("export { x };")]
    [InlineData("const later = import(\"./b.js\");")]
    [InlineData("import { b } from \"./a.js\";")]
    public void What_is_written_otherwise_is_an_error(string line)
        => Assert.Throws<InvalidOperationException>(() => ModuleBundle.Of("/js/a.js", path => path == "/js/a.js" ? line : "export const b = 1;"));

    [Fact]
    public void Every_module_of_the_pages_keeps_to_the_style()
    {
        foreach (string path in PageFiles.Paths.Where(path => path.StartsWith("/js/", StringComparison.Ordinal)))
        {
            Assert.NotNull(JavaScript.PrepareScript(ModuleBundle.Of(path)).Program);
        }
    }
}
