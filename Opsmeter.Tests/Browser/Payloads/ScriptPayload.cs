namespace Opsmeter.Tests.Browser.Payloads;

/// <summary>
/// A text that would do something if any page, message or file took it for more than text: call <c>__ran</c>, make an element
/// that has the attribute <c>pwn</c>, ask an address for something, call on people, or be a formula.
/// </summary>
/// <param name="Number">What it calls <c>__ran</c> with.</param>
/// <param name="Text">The text: at most 80 characters, the least that a field of the product takes, and no asterisk, which patterns have at their end alone.</param>
/// <param name="IsUsual">True where every run tries it, one of each kind.</param>
internal sealed record ScriptPayload(int Number, string Text, bool IsUsual = false)
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<ScriptPayload> All =
    [
        new(1, "<script pwn>__ran(1)</script>"),
        new(2, "<img src=x pwn onerror=__ran(2)>", true),
        new(3, "\"><svg pwn onload=__ran(3)>", true),
        new(4, "'><body pwn onload=__ran(4)>"),
        new(5, "</script><script pwn>__ran(5)</script>", true),
        new(6, "</textarea><input pwn autofocus onfocus=__ran(6)>"),
        new(7, "</title><script pwn>__ran(7)</script>"),
        new(8, "--><script pwn>__ran(8)</script><!--"),
        new(9, "<svg><script pwn>__ran(9)</script></svg>"),
        new(10, """<math pwn href="javascript:__ran(10)">x</math>"""),
        new(11, "javascript:__ran(11)//pwn", true),
        new(12, "JaVaScRiPt&colon;__ran(12)//pwn"),
        new(13, "data:text/html,<script pwn>__ran(13)</script>"),
        new(14, """<a href="javascript:__ran(14)" pwn>click</a>"""),
        new(15, """<iframe pwn srcdoc="<script>parent.__ran(15)</script>">"""),
        new(16, "\" onmouseover=\"__ran(16)\" pwn=\"", true),
        new(17, "' onfocus='__ran(17)' autofocus pwn='"),
        new(18, "` onmouseenter=__ran(18) pwn=`"),
        new(19, "x onpointerover=__ran(19) pwn"),
        new(20, "{{constructor.constructor('__ran(20)')()}} pwn"),
        new(21, "${__ran(21)} pwn"),
        new(22, "#{__ran(22)} <%= __ran(22) %> @(__ran(22)) pwn"),
        new(23, "\"};__ran(23);//pwn"),
        new(24, """\u003cscript pwn\u003e__ran(24)\u003c/script\u003e"""),
        new(25, "&lt;script pwn&gt;__ran(25)&lt;/script&gt;", true),
        new(26, "&#60;img pwn src=x onerror=__ran(26)&#62;"),
        new(27, "%3Cscript%20pwn%3E__ran(27)%3C/script%3E"),
        new(28, "+ADw-script pwn+AD4-__ran(28)+ADw-/script+AD4-"),
        new(29, "＜script pwn＞__ran(29)＜/script＞"),
        new(30, "red;background:url(//127.0.0.1:9/pwn30)"),
        new(31, "</style><script pwn>__ran(31)</script><style>"),
        new(32, "[pwn](javascript:__ran(32)) <javascript:__ran(32)|pwn>"),
        new(33, "<!channel> <@U33> @everyone http://127.0.0.1:9/pwn33", true),
        new(34, """=HYPERLINK("http://127.0.0.1:9/pwn34","x")""", true),
        new(35, "+cmd|' /C calc'!A0 pwn35"),
        new(36, "@SUM(1+1);=1+1 pwn36"),
        new(37, """-2+3+"pwn37",=1+1"""),
        new(38, "<details pwn open ontoggle=__ran(38)>"),
        new(39, "<form pwn action=javascript:__ran(39)><button autofocus>"),
        new(40, "\u202e<video pwn><source onerror=__ran(40)></video>\u2028__ran(40)"),
    ];

    /// <summary>Those of this run: one of each kind, or as many as the variable <c>OPSMETER_PAYLOADS</c> says.</summary>
    public static IReadOnlyList<ScriptPayload> OfThisRun() =>
        int.TryParse(Environment.GetEnvironmentVariable("OPSMETER_PAYLOADS"), System.Globalization.CultureInfo.InvariantCulture, out var count)
            ? [.. All.OrderByDescending(payload => payload.IsUsual).Take(count)]
            : [.. All.Where(payload => payload.IsUsual)];

    /// <summary>The text in an address.</summary>
    public string Escaped => Uri.EscapeDataString(Text);

    /// <summary>The text where @ means a person.</summary>
    public string WithoutAt => Text.Replace("@", "", StringComparison.Ordinal);
}
