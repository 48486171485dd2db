/** ECB reference rates: against the euro only, so a USD/CNY of p is served as a dollar at 1 and a yuan at p. */
import type { Asked, Exchange, Reply, View } from '../exchange.ts'
import { localTime } from '../local-time.ts'

const ZONE = 'Europe/Berlin'

function daily(_asked: Asked, view: View): Reply {
  const latest = view.latest('usdcny')
  const day = latest
    ? `<Cube time='${localTime(latest.at, ZONE).date}'>
			<Cube currency='USD' rate='1'/>
			<Cube currency='JPY' rate='160.00'/>
			<Cube currency='CNY' rate='${latest.price}'/>
		</Cube>`
    : ''
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender>
		<gesmes:name>European Central Bank</gesmes:name>
	</gesmes:Sender>
	<Cube>
		${day}
	</Cube>
</gesmes:Envelope>`
  return { status: 200, content_type: 'text/xml', body: Buffer.from(text) }
}

export default {
  series: { usdcny: { zone: ZONE, time: '16:00' } },
  paths: ['/stats/eurofxref/eurofxref-daily.xml'],
  answer: daily,
  mislabel: [["'CNY'", "'CNH'"]],
} satisfies Exchange
