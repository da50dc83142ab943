/** The streams of RTP in a flow; each leads to all that is known of it. */

import { Link } from "@tanstack/react-router";
import type { FlowListed } from "../../generated/FlowListed";
import type { RtpStream } from "../../generated/RtpStream";
import { count, delayText, percentageText } from "../../lib/format";
import { mediaStrings } from "../../lib/media-strings";
import { StreamMos } from "../parts/media/MosMark";
import { codecText, endsText } from "../parts/media/names";
import { SheetPart } from "../parts/Sheet";

const { flow: words, streams } = mediaStrings;

interface Props {
  flow: Pick<FlowListed, "client" | "client_port">;
  streams: readonly RtpStream[];
}

export function FlowStreams({ flow, streams: rows }: Props) {
  const { columns } = streams;
  return (
    <SheetPart title={words.streams}>
      <table className="w-full">
        <thead className="text-fg-3 text-meta">
          <tr className="h-6">
            <th scope="col" className="text-left font-medium">
              {columns.ends}
            </th>
            <th scope="col" className="pl-3 text-right font-medium @max-md:hidden">
              {columns.packets}
            </th>
            <th scope="col" className="pl-3 text-right font-medium">
              {columns.lost}
            </th>
            <th scope="col" className="pl-3 text-right font-medium">
              {columns.jitter}
            </th>
            <th scope="col" className="pl-3 text-left font-medium">
              {columns.mos}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((stream) => (
            <tr key={stream.id} className="h-(--row)">
              <th scope="row" className="text-left font-normal">
                <Link
                  to="/protocols"
                  search={{ protocols: "RTP", stream: stream.id }}
                  title={words.openStream(endsText(stream))}
                  className="inline-flex min-h-6 items-center text-accent hover:underline"
                >
                  {`${codecText(stream)} ${wayOf(flow, stream)}`}
                </Link>
              </th>
              <td className="pl-3 text-right @max-md:hidden">{count(stream.packets)}</td>
              <td className="whitespace-nowrap pl-3 text-right">{percentageText(stream.lost_percentage)}</td>
              <td className="whitespace-nowrap pl-3 text-right">{delayText(stream.jitter_ms_mean)}</td>
              <td className="pl-3">
                <StreamMos stream={stream} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </SheetPart>
  );
}

function wayOf({ client, client_port }: Props["flow"], { src, src_port }: RtpStream): string {
  return src === client && src_port === client_port ? words.ways.up : words.ways.down;
}
