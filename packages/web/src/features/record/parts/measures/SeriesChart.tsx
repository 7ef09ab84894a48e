import { LineChart } from "@mantine/charts";
import { useTranslation } from "react-i18next";

import type { MeasureSeries } from "@sinetti/practice";

import { sayDate } from "../../../../app/dates.ts";

import "@mantine/charts/styles.css";

const dayOf = (date: string): number => Date.parse(`${date}T12:00:00Z`);
const sayDay = (time: number): string => sayDate(new Date(time).toISOString());

/** Totals over time; days as far apart as they were, cut-offs behind them. The table beside it says the same. */
export default function SeriesChart({ series }: { series: MeasureSeries }) {
  const { t: tRecord } = useTranslation("record");
  const data = series.points.map(({ date, total }) => ({ day: dayOf(date), total }));
  return (
    <LineChart
      h={220}
      maw={720}
      aria-hidden
      data={data}
      dataKey="day"
      series={[{ name: "total", label: series.name, color: "spruce.5" }]}
      curveType="linear"
      strokeWidth={2}
      tickLine="none"
      yAxisProps={{ domain: [0, series.highest], width: 36 }}
      xAxisProps={{
        type: "number",
        scale: "time",
        domain: ["dataMin", "dataMax"],
        tickFormatter: sayDay,
        padding: { left: 16, right: 16 },
      }}
      tooltipProps={{
        labelFormatter: (label) => (typeof label === "number" ? sayDay(label) : ""),
      }}
      tooltipAnimationDuration={0}
      lineProps={{ isAnimationActive: false }}
      // Nothing that is hidden from a screen reader takes the focus.
      lineChartProps={{ accessibilityLayer: false }}
      referenceLines={series.cutoffs.map(({ id, at }) => ({
        y: at,
        label: tRecord(`alert.${id}`),
        labelPosition: "insideBottomRight" as const,
        color: "stone.5",
      }))}
    />
  );
}
