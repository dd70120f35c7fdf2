//! Bars of statuses, and the trend, as inline SVG. Places and lengths are in
//! the units of each picture's own view box.

use super::WORST_FIRST;
use crate::compliance::{Kind, Status};
use crate::output::control_report::{Moment, counted};
use crate::output::html::Html;
use std::collections::BTreeMap;

type ByStatus = BTreeMap<Status, u64>;

fn of(by_status: &ByStatus, status: Status) -> u64 {
    by_status.get(&status).copied().unwrap_or_default()
}

/// A bar of statuses, worst first.
pub(super) fn bar(html: &mut Html, by_status: &ByStatus, kind: Kind, big: bool) {
    let total: u64 = by_status.values().sum();
    if total == 0 {
        return;
    }
    html.raw(if big { "<svg class=\"bar big\"" } else { "<svg class=\"bar\"" });
    html.raw(" viewBox=\"0 0 ").number(total);
    html.raw(" 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"");
    html.text(&counted(by_status, kind)).raw("\">");
    let mut x = 0;
    for status in WORST_FIRST {
        let width = of(by_status, status);
        if width > 0 {
            html.raw("<rect class=\"").raw(status.as_str()).raw("\" x=\"").number(x);
            html.raw("\" y=\"0\" height=\"10\" width=\"").number(width).raw("\"/>");
        }
        x += width;
    }
    html.raw("</svg>\n");
}

/// How many controls have which status.
pub(super) fn legend(html: &mut Html, by_status: &ByStatus, kind: Kind) {
    html.raw("<ul class=\"legend\">");
    for status in WORST_FIRST {
        let number = of(by_status, status);
        if number > 0 {
            html.raw("<li><span class=\"key ").raw(status.as_str()).raw("\"></span>");
            html.number(number).raw(" ").raw(status.label(kind)).raw("</li>");
        }
    }
    html.raw("</ul>\n");
}

/// One part of a column: its class, what it stands for, its number.
type Layer = (&'static str, &'static str, u64);

/// What a column is made of, from the bottom to the top: controls by status, or
/// verdicts where controls are not counted up.
fn layers(moment: &Moment, kind: Kind) -> Vec<Layer> {
    match &moment.by_status {
        Some(by_status) => WORST_FIRST
            .into_iter()
            .filter(|status| *status != Status::NoCheck)
            .map(|status| (status.as_str(), status.label(kind), of(by_status, status)))
            .collect(),
        None => {
            let verdicts = moment.verdicts;
            vec![
                (Status::NotMet.as_str(), "failed", verdicts.fail),
                (Status::NotAssessed.as_str(), "unknown", verdicts.unknown + verdicts.error),
                (Status::Met.as_str(), "passed", verdicts.pass),
            ]
        }
    }
}

/// The scans of an account as columns, and their numbers as a table.
pub(super) fn trend(html: &mut Html, moments: &[Moment], kind: Kind) {
    const LEFT: u64 = 40;
    const STEP: u64 = 58;
    const HEIGHT: u64 = 160;
    const TOP: u64 = 12;
    let columns: Vec<(&Moment, Vec<Layer>)> =
        moments.iter().map(|moment| (moment, layers(moment, kind))).collect();
    let sum = |layers: &[Layer]| -> u64 { layers.iter().map(|(_, _, number)| number).sum() };
    let highest = columns.iter().map(|(_, layers)| sum(layers)).max().unwrap_or(0).max(1);
    let height = |number: u64| number * HEIGHT / highest;
    let width = LEFT + STEP * columns.len() as u64 + 10;
    html.raw("<svg class=\"trend\" viewBox=\"0 0 ").number(width.max(400)).raw(" ");
    html.number(TOP + HEIGHT + 36).raw("\" role=\"img\" aria-label=\"");
    html.raw("The scans of this account, oldest first; the table below has the numbers\">");
    for (part, number) in [(0, 0), (1, highest / 2), (2, highest)] {
        if part == 1 && highest < 2 {
            continue;
        }
        let y = TOP + HEIGHT - height(number);
        html.raw("<line class=\"grid\" x1=\"").number(LEFT).raw("\" x2=\"").number(width);
        html.raw("\" y1=\"").number(y).raw("\" y2=\"").number(y).raw("\"/>");
        html.raw("<text text-anchor=\"end\" x=\"").number(LEFT - 6).raw("\" y=\"").number(y + 4);
        html.raw("\">").number(number).raw("</text>");
    }
    for (place, (moment, layers)) in (0..).zip(&columns) {
        let x = LEFT + 8 + STEP * place;
        let mut below = 0;
        for (class, _, number) in layers {
            let (from, to) = (height(below), height(below + number));
            below += number;
            if to > from {
                html.raw("<rect class=\"").raw(class).raw("\" x=\"").number(x);
                html.raw("\" width=\"42\" y=\"").number(TOP + HEIGHT - to);
                html.raw("\" height=\"").number(to - from).raw("\"/>");
            }
        }
        for (row, format) in [(16, "%m-%d"), (30, "%H:%M")] {
            html.raw("<text text-anchor=\"middle\" x=\"").number(x + 21).raw("\" y=\"");
            html.number(TOP + HEIGHT + row).raw("\">");
            html.text(&moment.at.strftime(format).to_string()).raw("</text>");
        }
    }
    html.raw("</svg>\n");
    numbers(html, &columns);
}

fn numbers(html: &mut Html, columns: &[(&Moment, Vec<Layer>)]) {
    let Some((_, first)) = columns.first() else { return };
    let used: Vec<usize> = (0..first.len())
        .filter(|row| columns.iter().any(|(_, it)| it.get(*row).is_some_and(|it| it.2 > 0)))
        .collect();
    html.raw("<table class=\"numbers\"><thead><tr><th scope=\"col\">Scan of</th>");
    for (class, label, _) in used.iter().filter_map(|row| first.get(*row)) {
        html.raw("<th scope=\"col\"><span class=\"key ").raw(class).raw("\"></span>");
        html.raw(label).raw("</th>");
    }
    html.raw("</tr></thead><tbody>\n");
    for (moment, layers) in columns {
        html.raw("<tr><td>").text(&crate::output::control_report::scope::minute(moment.at));
        html.raw("</td>");
        for (_, _, number) in used.iter().filter_map(|row| layers.get(*row)) {
            html.raw("<td>").number(*number).raw("</td>");
        }
        html.raw("</tr>\n");
    }
    html.end_table();
}
